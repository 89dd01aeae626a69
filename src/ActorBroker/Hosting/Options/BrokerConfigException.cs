using System.Collections.Immutable;

namespace ActorBroker.Hosting.Options;

/// <summary>The broker can't start with this configuration. Each problem names the place, the key, the value and what is
/// allowed.</summary>
public sealed class BrokerConfigException : Exception
{
    public BrokerConfigException(IEnumerable<string> problems) : this([.. problems])
    {
    }

    private BrokerConfigException(ImmutableArray<string> problems) : base(string.Join(Environment.NewLine, problems)) =>
        Problems = problems;

    public ImmutableArray<string> Problems { get; }
}
