using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>Asks several actors, and answers for all of them when each has answered or the time is over.</summary>
/// <remarks>The answer comes from its parent, who was asked.</remarks>
/// <param name="whom">Whom to ask, and by which name to report it.</param>
/// <param name="question">What to ask.</param>
/// <param name="timeout">How long to wait.</param>
/// <param name="asker">Who gets the answer.</param>
/// <param name="answer">Makes it of the answers by name, and of the names that have not answered.</param>
internal sealed class Gather<TName, TAnswer>(IReadOnlyList<(TName Name, IActorRef Actor)> whom, object question, TimeSpan timeout,
    IActorRef asker, Func<IReadOnlyDictionary<TName, TAnswer>, ImmutableArray<TName>, object> answer)
    : UntypedActor, IWithTimers where TName : notnull
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly Dictionary<TName, TAnswer> _answers = [];

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IReadOnlyList<(TName Name, IActorRef Actor)> whom, object question, TimeSpan timeout,
        IActorRef asker, Func<IReadOnlyDictionary<TName, TAnswer>, ImmutableArray<TName>, object> answer) =>
        Akka.Actor.Props.Create(() => new Gather<TName, TAnswer>(whom, question, timeout, asker, answer));

    protected override void PreStart()
    {
        // The time may have come from another node.
        var wait = timeout > TimeSpan.Zero ? timeout < Longest ? timeout : Longest : TimeSpan.Zero;
        Timers.StartSingleTimer(nameof(timeout), ReceiveTimeout.Instance, wait);
        foreach (var (_, actor) in whom) actor.Tell(question);
        EndWhenAllAnswered();
    }

    protected override void OnReceive(object message)
    {
        if (message is ReceiveTimeout) End();
        else if (message is TAnswer given && whom.FirstOrDefault(w => w.Actor.Equals(Sender)) is { Actor: not null } who)
        {
            _answers[who.Name] = given;
            EndWhenAllAnswered();
        }
    }

    private void EndWhenAllAnswered()
    {
        if (_answers.Count == whom.Count) End();
    }

    private void End()
    {
        asker.Tell(answer(_answers, [.. whom.Select(w => w.Name).Where(name => !_answers.ContainsKey(name))]), Context.Parent);
        Context.Stop(Self);
    }
}
