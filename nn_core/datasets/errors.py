"""What can go wrong with a data set. Each message is for a person, and says what to do about it."""


class DatasetError(Exception):
    """A data set can't be had, or a file of it is broken; the message says which and why."""


class UnknownDatasetError(DatasetError):
    """No data set has this name."""


class DownloadError(DatasetError):
    """A data set can't be downloaded; nothing half-written is left behind."""
