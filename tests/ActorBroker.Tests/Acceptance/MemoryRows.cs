namespace ActorBroker.Tests.Acceptance;

/// <summary>Nothing else runs beside it, as it looks at the process's memory.</summary>
[CollectionDefinition(nameof(MemoryRows), DisableParallelization = true)]
public sealed class Alone;

/// <summary>What a broker keeps in memory of what it stores: next to nothing.</summary>
[Collection(nameof(MemoryRows))]
public sealed class MemoryRows() : AcceptanceTest(onDisk: true)
{
    /// <summary>D14: the disk bounds what can be stored, not the memory.</summary>
    [Fact]
    public async Task Stored_records_do_not_stay_in_memory()
    {
        await Client.CreateAsync("t", 1, ("segment.bytes", "10000000"));
        var batch = TestBatch.Of(new string('x', 1_000_000));
        for (var i = 0; i < 10; i++) await Client.ProduceAsync("t", 0, batch);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 300; i++) await Client.ProduceAsync("t", 0, batch);
        for (var i = 0; i < 4; i++) Assert.NotEmpty(await Client.ReadAsync("t", 0, from: 309 - i));
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(grown, long.MinValue, 60_000_000); // Pooled buffers, of more threads where the machine is busy.
    }
}
