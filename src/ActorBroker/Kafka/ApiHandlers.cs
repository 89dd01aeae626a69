using ActorBroker.Kafka.Produce;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka;

/// <summary>Which handler answers which API.</summary>
internal sealed class ApiHandlers
{
    private readonly IApiHandler?[] _byKey;

    /// <exception cref="ArgumentException">Two handlers for one API.</exception>
    public ApiHandlers(IProduceHandler produce, IEnumerable<IApiHandler> handlers)
    {
        Produce = produce;
        _byKey = new IApiHandler?[(int)ApiVersionTable.All[^1].Key + 1];
        foreach (var handler in handlers)
        {
            if (_byKey[(int)handler.Key] is not null)
                throw new ArgumentException($"Two handlers for {handler.Key}.", nameof(handlers));
            _byKey[(int)handler.Key] = handler;
        }
    }

    public IProduceHandler Produce { get; }

    /// <summary>APIs that are advertised and have no handler: none, in a whole broker.</summary>
    public IEnumerable<ApiKey> Missing()
    {
        foreach (var api in ApiVersionTable.All.ToArray())
            if (api.Key != ApiKey.Produce && Find(api.Key) is null) yield return api.Key;
    }

    public IApiHandler? Find(ApiKey key) => (uint)key < (uint)_byKey.Length ? _byKey[(int)key] : null;
}
