"""What can go wrong with a data set. Each message is for a person, and says what to do about it."""


class DatasetError(Exception):
    """A data set can't be had, or a file of it is broken; the message says which and why."""


class UnknownDatasetError(DatasetError):
    """No data set has this name."""


class DownloadError(DatasetError):
    """A data set can't be downloaded; nothing half-written is left behind."""


class BadDataError(DatasetError):
    """What was offered as a data set is none; ``part`` says where: "file", or an array's name."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


class TooLargeError(DatasetError):
    """What was offered as a data set is larger than allowed."""


class NameTakenError(DatasetError):
    """Another data set has this name already."""


class TooManyDatasetsError(DatasetError):
    """There are as many uploaded data sets as are allowed."""


class StorageError(DatasetError):
    """A data set can't be written down."""
