using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Journal.Tests.Support;

/// <summary>Properties over everything that a seeded source of randomness makes up. A failure names its seed.</summary>
internal static class Seeds
{
    public static void ForAnySeed(Action<int> holds) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), holds).QuickCheckThrowOnFailure();
}
