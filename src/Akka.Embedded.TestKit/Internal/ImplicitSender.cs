using Akka.Actor;

namespace Akka.TestKit.Internal;

/// <summary>Makes the test actor the one that seems to run on the test's thread, and on the threads where its awaits go on.</summary>
internal static class ImplicitSender
{
    public static void Set(ActorCell? cell)
    {
        ActorCell.Current = cell;
        SynchronizationContext.SetSynchronizationContext(new Context(cell));
    }

    public static void Clear()
    {
        ActorCell.Current = null;
        if (SynchronizationContext.Current is Context) SynchronizationContext.SetSynchronizationContext(null);
    }

    private sealed class Context(ActorCell? cell) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => ThreadPool.QueueUserWorkItem(_ => Run(d, state));

        public override void Send(SendOrPostCallback d, object? state) => Run(d, state);

        public override SynchronizationContext CreateCopy() => new Context(cell);

        private void Run(SendOrPostCallback d, object? state)
        {
            var (outerCell, outerContext) = (ActorCell.Current, Current);
            ActorCell.Current = cell;
            SetSynchronizationContext(this);
            try
            {
                d(state);
            }
            finally
            {
                ActorCell.Current = outerCell;
                SetSynchronizationContext(outerContext);
            }
        }
    }
}
