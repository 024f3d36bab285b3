#!/bin/sh
# Nudge on several machines. Each has a checkout at the same path, on which `make .venv/installed-ray`
# has been run; the same file /etc/nudge-ray.env, which only root can read, with the cluster's token:
#   RAY_AUTH_TOKEN=…                # python3 -c "import secrets; print(secrets.token_urlsafe(24))"
# and the same folder at NUDGE_CACHE_DIR, on a file system that they share: data sets come from there.
#
#   machine.sh head                 on one machine; it trains nothing itself
#   machine.sh worker HEAD          on each machine that trains, where HEAD is the head's address
#   machine.sh server HEAD          on the one that serves the page; it may be the head's
#
# Each stays in the foreground, as a service manager wants it, and may be started anew at any time.
set -eu
cd "$(dirname "$0")/../.."
set -a
. /etc/nudge-ray.env
. deploy/ray/ray.env
set +a

case "$1" in
head)
    exec .venv/bin/ray start --head --port=6379 --node-name=head --num-cpus=0 \
        --include-dashboard=false --object-store-memory=134217728 --block
    ;;
worker)
    exec .venv/bin/ray start --address="$2:6379" --node-name="$(hostname)" \
        --object-store-memory=134217728 --block
    ;;
server)
    export NUDGE_ENGINE=ray NUDGE_RAY_ADDRESS="$2:6379"
    exec .venv/bin/nudge serve
    ;;
*)
    echo "head, worker HEAD or server HEAD" >&2
    exit 2
    ;;
esac
