namespace ActorBroker.Server.Commands;

/// <summary>What scripts learn.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;
}
