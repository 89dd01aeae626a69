namespace ActorBroker.Benchmarks.Harness;

/// <summary>What one run did.</summary>
/// <param name="Rate">Units of work a second; more is better.</param>
/// <param name="CpuSeconds">User and system seconds of the processes that did the work, where that was measured.</param>
internal readonly record struct Sample(double Rate, double CpuSeconds = double.NaN);
