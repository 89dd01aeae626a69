namespace Akka.Remote.Associations;

/// <summary>The way to one other system.</summary>
internal sealed class Association
{
    /// <summary>True: remoting no longer knows it; ask for a new one.</summary>
    public bool IsForgotten => false;
}
