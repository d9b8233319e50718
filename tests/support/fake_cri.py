"""A containerd that offers CRI, behind a real gRPC server, for tests of its kinds."""

import json

import fake_containerd
from grpc_server import GrpcServer, Refusal

from checks.containerd import client as containerd
from checks.containerd.connect import DEFAULT_ADDRESS
from checks.cri import client
from checks.cri.proto.runtime_pb2 import RuntimeCondition

READS = {
    read.method: read for read in vars(client).values() if isinstance(read, client.Read)
}


class FakeCri:
    """Answers what was put into it; `refusals` are by method and come first."""

    def __init__(self, path):
        self.conditions = {}
        self.refusals = {}
        self.config = json.dumps({"cni": {"confDir": "/etc/cni/net.d"}})
        self.answers("RuntimeReady")
        self.answers("NetworkReady")
        self.server = GrpcServer(path, self._answer)
        self.sockets = {DEFAULT_ADDRESS: str(path)}
        self.machine = fake_containerd.machine(self.sockets)

    def answers(self, condition, reason="", message=""):
        """Have a condition hold, unless there is a reason why it does not."""
        self.conditions[condition] = RuntimeCondition(
            type=condition, status=not reason, reason=reason, message=message
        )

    def disable(self):
        """Have it answer as a containerd does that has not loaded CRI."""
        unknown = Refusal("UNIMPLEMENTED", "unknown service runtime.v1.RuntimeService")
        self.refusals.update(dict.fromkeys(READS, unknown))

    @property
    def methods(self):
        return [method.rpartition(".")[2] for method, _ in self.server.calls]

    def close(self):
        self.machine.close()
        self.server.close()

    def _answer(self, method, data, metadata):
        if method in self.refusals:
            raise self.refusals[method]
        if method == containerd.VERSION.method:
            answer = containerd.VERSION.answer(version="1.7.2")
        else:
            request = READS[method].request.FromString(data)
            answer = READS[method].answer(**self._fields(method, request))
        return answer.SerializeToString()

    def _fields(self, method, request):
        if method == client.VERSION.method:
            return {
                "runtime_name": "containerd",
                "runtime_version": "1.7.2",
                "runtime_api_version": "v1",
            }
        info = {"config": self.config} if request.verbose else {}
        return {"status": {"conditions": self.conditions.values()}, "info": info}
