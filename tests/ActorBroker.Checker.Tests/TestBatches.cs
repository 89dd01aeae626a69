using System.Text;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Checker.Tests;

/// <summary>Batches as a leader writes them.</summary>
internal static class TestBatches
{
    public static byte[] Of(long baseOffset, int epoch, params (string Key, string? Value)[] records)
    {
        using var builder = new RecordBatchBuilder(new() { BaseOffset = new(baseOffset), LeaderEpoch = new(epoch) });
        foreach (var (key, value) in records)
            builder.Append(0, Encoding.UTF8.GetBytes(key), value is null ? null : Encoding.UTF8.GetBytes(value));
        return builder.Build();
    }
}
