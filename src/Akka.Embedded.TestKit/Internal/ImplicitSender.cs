using Akka.Actor;

namespace Akka.TestKit.Internal;

/// <summary>
/// Makes the test actor the one that seems to run where the test runs: on its thread, and on whatever thread it goes on after an
/// await.
/// </summary>
/// <remarks>
/// It flows with the test, and leaves a thread together with the test. An actor that runs on such a thread is itself the current
/// one;
/// that is never touched here.
/// </remarks>
internal static class ImplicitSender
{
    private static readonly AsyncLocal<ActorCell?> Test = new(change =>
    {
        if (ActorCell.Current is null || ActorCell.Current == change.PreviousValue) ActorCell.Current = change.CurrentValue;
    });

    public static void Set(ActorCell? cell) => Test.Value = cell;

    public static void Clear() => Test.Value = null;
}
