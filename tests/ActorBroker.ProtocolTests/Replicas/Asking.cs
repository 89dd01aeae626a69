using System.Text;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using ActorBroker.Replicas;

namespace ActorBroker.ProtocolTests.Replicas;

/// <summary>An append whose answer a test awaits.</summary>
internal sealed class AskedAppend : AppendRequest
{
    private readonly TaskCompletionSource<AskedAppend> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<AskedAppend> Reply => _answered.Task.WaitAsync(TimeSpan.FromSeconds(60));

    protected override void Answered() => _answered.SetResult(this);

    /// <summary>A batch of so many records.</summary>
    public static AskedAppend Of(int records, short acks = -1, long producerId = -1, int sequence = -1, int valueBytes = 10)
    {
        using var builder = new RecordBatchBuilder(RecordBatchOptions.Default with
        {
            ProducerId = producerId,
            ProducerEpoch = (short)(producerId < 0 ? -1 : 0),
            BaseSequence = sequence,
        });
        for (var i = 0; i < records; i++) builder.Append(1_000 + i, default, Encoding.UTF8.GetBytes(new string('v', valueBytes)));
        var batch = builder.Build();
        RecordBatchHeader.TryRead(batch, out var header);
        return new AskedAppend { Batch = batch, Header = header, Acks = acks, Timeout = TimeSpan.FromSeconds(60) };
    }
}

/// <summary>A read whose answer and progress a test awaits.</summary>
internal sealed class AskedRead : ReadRequest
{
    private readonly TaskCompletionSource<AskedRead> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly System.Threading.Channels.Channel<long> _progress =
        System.Threading.Channels.Channel.CreateUnbounded<long>();

    public Task<AskedRead> Reply => _answered.Task.WaitAsync(TimeSpan.FromSeconds(60));

    public Task<long> NextProgress => _progress.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    public bool HasProgress => _progress.Reader.Count > 0;

    protected override void Answered() => _answered.SetResult(this);

    /// <summary>What the replica's thread has to do when it tells of progress, before it goes on.</summary>
    public Action AtProgress { get; set; } = static () => { };

    public override void Progress(long bytes)
    {
        AtProgress();
        _progress.Writer.TryWrite(bytes);
    }

    public static AskedRead At(long offset, int maxBytes = 1 << 20) =>
        new() { From = new(offset), MaxBytes = maxBytes, MinOneBatch = true };
}
