"""Who organizes a panel, and who of them reads feedback: each said once."""


class Organized:
    """A panel, or what belongs to one: who set it up, its recruiter, its hiring manager."""

    set_up_by: str
    recruiter: str
    hiring_manager: str

    @property
    def organizers(self) -> tuple[str, ...]:
        """Who sees its state and changes it, each once."""
        return tuple(dict.fromkeys((self.set_up_by, *self.readers)))

    @property
    def readers(self) -> tuple[str, ...]:
        """Those of them who read feedback: who only set it up does not."""
        return tuple(dict.fromkeys((self.recruiter, self.hiring_manager)))


def replacing(organized: Organized, interviewer: str) -> tuple[str, ...]:
    """Who is to find somebody else where the interviewer can't make it: the organizers, but the
    interviewer only where there is nobody else."""
    others = tuple(one for one in organized.organizers if one != interviewer)
    return others or organized.organizers
