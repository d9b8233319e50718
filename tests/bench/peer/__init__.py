"""What check50 can express of twenty.md: programs that are run, and their output."""

import check50


@check50.check()
def packages():
    """packages are installed"""
    for name in ("containerd", "runc", "systemd", "python3"):
        check50.run(f"dpkg-query -W -f='${{Status}}' {name}").stdout(
            "install ok installed"
        )


@check50.check()
def containers():
    """tasks are running"""
    for name in ("web1", "web2", "web3"):
        check50.run("ctr tasks ls").stdout(name)


@check50.check()
def service():
    """containerd is active"""
    check50.run("systemctl is-active containerd").stdout("active")
