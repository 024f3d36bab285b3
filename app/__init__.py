"""The playground: web, processes, storage. The network itself is in ``nn_core``."""
