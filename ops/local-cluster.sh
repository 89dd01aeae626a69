#!/usr/bin/env bash
# Brokers of one cluster on this machine, to try things and to test with.
set -euo pipefail

usage() {
    cat <<'END'
local-cluster.sh start N      brokers 1 to N, on Kafka ports 9092, 9093, ...; up to three of them keep the controller's journal
local-cluster.sh stop         all brokers, one after the other, each giving its leaderships away first
local-cluster.sh status       which processes run, and the cluster as it sees itself
local-cluster.sh kill ID      kill -9
local-cluster.sh restart ID   start a broker again; one that runs is stopped first

start and restart return when the brokers serve. Environment:
ACTORBROKER_CLUSTER_DIR            data and logs: DIR/broker-ID/data, out.log, err.log (./cluster-data)
ACTORBROKER_CLUSTER_KAFKA_PORT     port of broker 1 for clients (9092); the others follow
ACTORBROKER_CLUSTER_REMOTE_PORT    port of broker 1 for brokers (4053); the others follow
ACTORBROKER_CLUSTER_WAIT_SECONDS   patience until a broker serves, or has stopped (120)
ACTORBROKER_CLUSTER_ARGS           more arguments of every `actorbroker serve`, such as --set default.replication.factor=3
ACTORBROKER_SERVER                 the executable (built from these sources if it is not there)
END
    exit 2
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dir=${ACTORBROKER_CLUSTER_DIR:-./cluster-data}
wait_seconds=${ACTORBROKER_CLUSTER_WAIT_SECONDS:-120}
server=${ACTORBROKER_SERVER:-$root/src/ActorBroker.Server/bin/Release/net10.0/actorbroker}

say() { echo "local-cluster: $*" >&2; }
fail() { say "$@"; exit 1; }

# What the cluster was started with counts for all later commands.
load() {
    [[ -f $dir/cluster ]] || fail "no cluster in $dir; start one with: local-cluster.sh start 3"
    read -r brokers kafka_port remote_port < "$dir/cluster"
}

each() { seq 1 "$brokers"; }
home() { echo "$dir/broker-$1"; }
client_address() { echo "127.0.0.1:$((kafka_port + $1 - 1))"; }
remote_address() { echo "127.0.0.1:$((remote_port + $1 - 1))"; }
bootstrap() { local id list=; for id in $(each); do list+=${list:+,}$(client_address "$id"); done; echo "$list"; }

check_id() {
    [[ $1 =~ ^[0-9]+$ ]] && (($1 >= 1 && $1 <= brokers)) || fail "'$1' is no broker of this cluster: 1 to $brokers"
}

# The pid of a broker that runs. A pid that another process has by now does not count.
pid_of() {
    local pid
    pid=$(cat "$(home "$1")/pid" 2> /dev/null) || return 1
    ps -p "$pid" -o args= 2> /dev/null | grep -qF -- "$(client_address "$1")" || return 1
    echo "$pid"
}

build() {
    [[ -x $server ]] && return
    [[ -z ${ACTORBROKER_SERVER:-} ]] || fail "$server is no executable"
    say "building the server"
    dotnet build -c Release "$root/src/ActorBroker.Server" > "$dir/build.log" 2>&1 || fail "the build failed: $dir/build.log"
}

launch() {
    local id=$1 seeds= voters= seed
    for ((seed = 1; seed <= (brokers < 3 ? brokers : 3); seed++)); do
        seeds+="${seeds:+, }\"akka.tcp://actorbroker@$(remote_address "$seed")\""
        voters+="${voters:+,}$seed@$(remote_address "$seed")"
    done
    mkdir -p "$(home "$id")"
    : > "$(home "$id")/out.log" # Before anybody looks whether it serves: its last process did.
    # A process group of its own: Ctrl-C in this terminal is not meant for the broker.
    set -m
    # shellcheck disable=SC2086 # The arguments are several words.
    ACTORBROKER_BROKER_ID=$id \
    ACTORBROKER_LISTENERS="PLAINTEXT://$(client_address "$id")" \
    ACTORBROKER_LOG_DIRS="$(home "$id")/data" \
    ACTORBROKER_QUORUM_VOTERS="$voters" \
    ACTORBROKER_REMOTE_PORT=$((remote_port + id - 1)) \
        nohup "$server" serve --config "$root/hocon/cluster.conf" --listen "$(client_address "$id")" \
        --set "akka.cluster.seed-nodes=[$seeds]" ${ACTORBROKER_CLUSTER_ARGS:-} \
        < /dev/null > "$(home "$id")/out.log" 2>> "$(home "$id")/err.log" &
    echo $! > "$(home "$id")/pid"
    set +m
}

await_serving() {
    local id=$1 deadline=$((SECONDS + wait_seconds))
    until grep -q '^ActorBroker ready' "$(home "$id")/out.log"; do
        # By its pid alone: the process may not have taken on its own name yet.
        has_ended "$(cat "$(home "$id")/pid")" && { tail -n 5 "$(home "$id")/err.log" >&2; fail "broker $id has ended: $(home "$id")/err.log"; }
        ((SECONDS < deadline)) || fail "broker $id does not serve after $wait_seconds s: $(home "$id")/err.log"
        sleep 0.1
    done
}

# One that has ended may be listed until its parent looks; in a container nobody may.
has_ended() {
    local state
    state=$(ps -p "$1" -o stat= 2> /dev/null) || return 0
    [[ $state == Z* ]]
}

await_end() {
    local pid=$1 deadline=$((SECONDS + wait_seconds))
    until has_ended "$pid"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

stop_broker() {
    local id=$1 pid
    pid=$(pid_of "$id") || return 0
    kill -TERM "$pid"
    await_end "$pid" || { say "broker $id does not stop within $wait_seconds s: killed"; kill -KILL "$pid"; }
    rm -f "$(home "$id")/pid"
}

start() {
    local id
    [[ ${1:-} =~ ^[1-9][0-9]*$ ]] || usage
    if [[ -f $dir/cluster ]]; then
        load
        for id in $(each); do
            if pid_of "$id" > /dev/null; then fail "broker $id runs already; local-cluster.sh restart or stop"; fi
        done
        # Who keeps the controller's journal must not change from one start to the next.
        (($1 == brokers || ($1 >= 3 && brokers >= 3))) ||
            fail "the cluster in $dir is one of $brokers brokers; give another ACTORBROKER_CLUSTER_DIR"
    fi
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    build
    brokers=$1
    kafka_port=${ACTORBROKER_CLUSTER_KAFKA_PORT:-${kafka_port:-9092}}
    remote_port=${ACTORBROKER_CLUSTER_REMOTE_PORT:-${remote_port:-4053}}
    echo "$brokers $kafka_port $remote_port" > "$dir/cluster"
    for id in $(each); do launch "$id"; done
    for id in $(each); do await_serving "$id"; done
    echo "serving: $(bootstrap)"
}

stop() {
    local id
    load
    # Once most voters have stopped, nothing can be given away any more.
    for id in $(each); do stop_broker "$id"; done
}

status() {
    local id pid running=
    load
    for id in $(each); do
        if pid=$(pid_of "$id"); then
            running+=${running:+,}$(client_address "$id")
            echo "broker $id  pid $pid  $(client_address "$id")  $(grep -q '^ActorBroker ready' "$(home "$id")/out.log" && echo serving || echo starting)"
        else
            echo "broker $id  stopped"
        fi
    done
    [[ -n $running ]] && "$server" cluster status --bootstrap-server "$running"
}

kill_broker() {
    local pid
    load
    check_id "$1"
    pid=$(pid_of "$1") || fail "broker $1 does not run"
    kill -KILL "$pid"
    await_end "$pid" || fail "process $pid does not end"
}

restart() {
    load
    check_id "$1"
    dir=$(cd "$dir" && pwd)
    build
    stop_broker "$1"
    launch "$1"
    await_serving "$1"
}

case "${1:-}:$#" in
    start:2) start "$2" ;;
    stop:1) stop ;;
    status:1) status ;;
    kill:2) kill_broker "$2" ;;
    restart:2) restart "$2" ;;
    *) usage ;;
esac
