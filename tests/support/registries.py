"""Registries on this host that play the public ones, and remember what they were asked."""

import io
import json
import tarfile
import threading
from contextlib import contextmanager

from lab_runner.errors import MachineError
from lab_runner.machines.mirror import documents, images, references, registries
from lab_runner.machines.mirror.cache import Cache
from lab_runner.machines.mirror.registry import Registry
from lab_runner.machines.mirror.store import Entry

INDEX = "application/vnd.oci.image.index.v1+json"


def archive(content=b"x"):
    """A layer with one file in it."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as layer:
        entry = tarfile.TarInfo("content")
        entry.size = len(content)
        layer.addfile(entry, io.BytesIO(content))
    return made.getvalue()


def put(store, name, *layers):
    """Put an image into a store under a name that nobody has to ask about; its digest."""
    reference = references.parse(name)
    digest = images.ship(store, [], layers or [archive()], ["true"])
    store.name(reference, Entry(digest, 0.0, "added"))
    return digest


def put_index(store, name, contents):
    """Put an index into a store; `contents` is the layer of each architecture."""
    manifests = []
    for architecture, layer in contents.items():
        digest = images.ship(store, [], [layer], ["true"])
        size = len(store.read(digest))
        platform = {"os": "linux", "architecture": architecture}
        manifest = {"mediaType": images.MANIFEST, "digest": digest, "size": size}
        manifests.append({**manifest, "platform": platform})
    index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}
    digest = store.write(json.dumps(index).encode())
    store.name(references.parse(name), Entry(digest, 0.0, "added"))
    return digest


def blobs(store, digest):
    """The digests of the configuration and the layers of an image."""
    return [part.digest for part in documents.read(store.read(digest)).parts]


class Nowhere:
    """A registry that nobody reaches."""

    def digest(self, repository, wanted):
        raise MachineError("nowhere to be found")

    manifest = blob = digest


class Remembering(Cache):
    """A cache that has only what is in its store, and writes down what it is asked for."""

    def __init__(self, store):
        super().__init__(store, dict.fromkeys(registries.SERVERS, Nowhere()))
        self.asked = []

    def manifest(self, image):
        self.asked.append(image.wanted)
        return super().manifest(image)

    def blob(self, image):
        self.asked.append(image.wanted)
        return super().blob(image)


@contextmanager
def serving(cache):
    """Serve a cache on this host for as long as the block lasts; its URL."""
    with Registry(("127.0.0.1", 0), cache) as registry:
        threading.Thread(target=registry.serve_forever, args=(0.01,)).start()
        try:
            yield f"http://127.0.0.1:{registry.server_address[1]}"
        finally:
            registry.shutdown()
