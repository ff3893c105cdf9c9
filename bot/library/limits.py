"""How much of the machine a process may take that reads what somebody else wrote."""

import os


def limit(what: str, most: int) -> None:
    """No more of it than that, unless there is less anyway."""
    if os.name != "posix":
        return
    import resource  # there is none on Windows

    kind = getattr(resource, what)
    _, hard = resource.getrlimit(kind)
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(kind, (most, hard))
