namespace Akka.Cluster;

/// <summary>What the phases of a coordinated shutdown wait for.</summary>
internal enum ShutdownStep
{
    /// <summary>This node is to leave, and its members know.</summary>
    Leave,

    /// <summary>The leader has let it go.</summary>
    AwaitExiting,

    /// <summary>The rest of the system has finished: say good-bye.</summary>
    ExitingCompleted,
}

internal sealed partial class ClusterCoreDaemon
{
    private readonly List<ClusterCommand.Shutdown> _awaited = [];

    private void OnShutdown(ClusterCommand.Shutdown shutdown)
    {
        _awaited.Add(shutdown);
        switch (shutdown.Step)
        {
            case ShutdownStep.Leave: Carry(_core.Step(new CoreInput.Leave(_cluster.SelfAddress))); break;
            case ShutdownStep.ExitingCompleted:
                Carry(_core.Step(new CoreInput.ExitingCompleted()));
                _cluster.Shutdown(); // Also a node that was never let in.
                break;
        }
    }

    private void AnswerShutdown(bool hasEnded = false)
    {
        if (_awaited.Count == 0) return;
        var status = _core.State.Gossip.StatusOf(_cluster.SelfUniqueAddress);
        var outside = hasEnded || !_core.IsMember || MemberStatusRules.IsGoing(status);
        for (var i = _awaited.Count - 1; i >= 0; i--)
        {
            var isDone = _awaited[i].Step switch
            {
                ShutdownStep.Leave => outside || status == MemberStatus.Leaving,
                ShutdownStep.AwaitExiting => outside,
                _ => true,
            };
            if (!isDone) continue;
            var done = _awaited[i].IsDone;
            _awaited.RemoveAt(i);
            done.TrySetResult(Done.Instance);
        }
    }
}
