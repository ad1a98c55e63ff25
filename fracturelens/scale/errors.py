"""What keeps a run on many machines from going on; each text says why and what to do."""


class AddressError(RuntimeError):
    """An address cannot be reached."""


class ClusterError(RuntimeError):
    """The cluster cannot be reached, or gave up."""


class OtherEngineError(RuntimeError):
    """A machine would answer otherwise than the others."""
