using System.Collections.Concurrent;
using ActorBroker.Journal;
using ActorBroker.Journal.Files;
using Akka.Actor;
using Akka.Dispatch;

namespace ActorBroker.Replicas;

/// <summary>
/// Group commit: flushes of many replicas that are asked for while one runs go to the disk together. Runs on
/// <c>log-dispatcher</c>.
/// </summary>
internal sealed class FlushGroup(MessageDispatcher dispatcher)
{
    private readonly ConcurrentQueue<(PendingFlush Flush, IActorRef Replica)> _waiting = new();
    private int _running;

    /// <summary>Flushes, then tells <see cref="Flushed"/> to the replica; whether it failed, the flush says.</summary>
    public void Submit(PendingFlush flush, IActorRef replica)
    {
        _waiting.Enqueue((flush, replica));
        if (Interlocked.Exchange(ref _running, 1) == 0) dispatcher.Schedule(Run);
    }

    private void Run()
    {
        var flushes = new List<PendingFlush>();
        var replicas = new List<IActorRef>();
        do
        {
            while (_waiting.TryDequeue(out var next))
            {
                flushes.Add(next.Flush);
                replicas.Add(next.Replica);
            }
            if (flushes.Count > 0) Flush(flushes, replicas);
            flushes.Clear();
            replicas.Clear();
            Volatile.Write(ref _running, 0);
        }
        while (!_waiting.IsEmpty && Interlocked.Exchange(ref _running, 1) == 0);
    }

    private static void Flush(List<PendingFlush> flushes, List<IActorRef> replicas)
    {
        try
        {
            PendingFlush.RunAll(flushes);
        }
        catch (LogStorageException)
        {
            // Each failed flush knows it; the replica takes its log offline.
        }
        for (var i = 0; i < flushes.Count; i++) replicas[i].Tell(new Flushed(flushes[i]), ActorRefs.NoSender);
    }

    internal sealed record Flushed(PendingFlush Flush);
}
