using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>How the coordinator asks its strategy. What that does wrong costs a log line and a retry.</summary>
internal sealed partial class CoordinatorActor
{
    private sealed record Chosen(string Shard, IActorRef Asker, Task<IActorRef> Result) : INoSerializationVerificationNeeded;

    private sealed record ToMove(Task<IImmutableSet<string>> Result) : INoSerializationVerificationNeeded;

    private IImmutableDictionary<IActorRef, IImmutableList<string>> Allocations => _state.Allocations
        .ToImmutableDictionary(r => r.Region, r => (IImmutableList<string>)r.Shards.ToImmutableList());

    private void AskStrategy(string shard, IActorRef asker) =>
        Await(Call(() => _strategy.AllocateShard(asker, shard, Allocations)), task => new Chosen(shard, asker, task), Take);

    private void Take(Chosen chosen)
    {
        if (chosen.Result is { IsCompletedSuccessfully: true, Result: { } region })
        {
            Run(_state.Allocated(chosen.Asker, chosen.Shard, region));
            return;
        }
        _log.Error(chosen.Result.Exception?.GetBaseException(),
            "[{0}] Shard [{1}] stays without home: the strategy has failed or given none. It is asked again when a region asks.",
            _typeName, chosen.Shard);
        _state.AllocationFailed(chosen.Shard);
    }

    private void Rebalance()
    {
        if (_strategyIsBusy || !_state.MayRebalance) return;
        _strategyIsBusy = true;
        Await(Call(() => _strategy.Rebalance(Allocations, _state.Moving)), task => new ToMove(task), Take);
    }

    private void Take(ToMove move)
    {
        _strategyIsBusy = false;
        if (move.Result is { IsCompletedSuccessfully: true, Result: { } shards }) Run(_state.Rebalance(shards));
        else _log.Error(move.Result.Exception?.GetBaseException(), "[{0}] No rebalance: the strategy has failed", _typeName);
    }

    private static Task<T> Call<T>(Func<Task<T>> ask)
    {
        try
        {
            return ask() ?? Task.FromException<T>(new InvalidOperationException("The strategy has returned null, not a task"));
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e); // As if it had returned it: taken and logged where those are.
        }
    }

    /// <summary>A task that has ended is taken at once, another one when it has, as a message.</summary>
    private void Await<T, TMessage>(Task<T> task, Func<Task<T>, TMessage> message, Action<TMessage> take) where TMessage : notnull
    {
        if (task.IsCompleted)
        {
            take(message(task));
            return;
        }
        var self = Self;
        task.ContinueWith(ended => self.Tell(message(ended), self), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
