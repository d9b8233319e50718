import subprocess
import sys

import pytest

TRY = """
from checks.doors.connector import Connector
from checks.errors import CheckError
try:
    Connector()
except CheckError as error:
    print(error.message)
"""


def test_where_the_kernel_tells_nothing_it_is_said():
    # As in a container: it tells only the host's own PID namespace.
    argv = ["unshare", "--user", "--map-root-user", "--pid", "--fork"]
    tried = subprocess.run(
        [*argv, sys.executable, "-c", TRY], capture_output=True, text=True
    )
    if "unshare failed" in tried.stderr:
        pytest.skip(tried.stderr)

    assert tried.stdout == "the kernel does not tell which programs run\n"
