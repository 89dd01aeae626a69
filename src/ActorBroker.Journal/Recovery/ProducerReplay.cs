using ActorBroker.Journal.Producers;
using ActorBroker.Journal.Segments;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Recovery;

/// <summary>Learns a log's producers: the newest snapshot, and the headers of the batches behind it.</summary>
internal static class ProducerReplay
{
    public static void Run(ProducerSnapshots snapshots, SegmentList segments, Offset logEnd, ProducerStates into, long nowMs)
    {
        var from = snapshots.LoadNewest(logEnd, into, nowMs);
        if (from >= logEnd) return;
        Span<byte> buffer = stackalloc byte[BatchCursor.BufferBytes];
        for (var i = segments.IndexOf(from); i < segments.Count; i++)
        {
            var segment = segments.All[i];
            var file = segment.Acquire();
            try
            {
                var end = segment.SizeBytes;
                if (!segment.TryFind(file, from, end, out var first)) continue;
                var batches = new BatchCursor(file, first.Position, end, buffer);
                while (batches.MoveNext())
                {
                    // The producer was seen when it wrote, unless its clock says nothing or too much.
                    var writtenMs = batches.Header.MaxTimestampMs;
                    into.Learn(batches.Header, writtenMs >= 0 && writtenMs < nowMs ? writtenMs : nowMs);
                }
            }
            finally
            {
                segment.Release();
            }
        }
    }
}
