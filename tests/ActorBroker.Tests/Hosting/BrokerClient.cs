using System.Net;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Tests.Kafka;

namespace ActorBroker.Tests.Hosting;

/// <summary>A Kafka client of a test: asks in any version, one request at a time.</summary>
internal sealed class BrokerClient : IDisposable
{
    private readonly RawClient _raw;
    private int _correlationId;

    private BrokerClient(RawClient raw) => _raw = raw;

    public static Task<BrokerClient> ConnectAsync(EmbeddedBroker broker) => ConnectAsync(broker.BootstrapServers);

    public static async Task<BrokerClient> ConnectAsync(string address) =>
        new(await RawClient.ConnectAsync(IPEndPoint.Parse(address)));

    public async Task<TResponse> AskAsync<TRequest, TResponse>(IRequest<TRequest, TResponse> request, short? version = null)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse>
    {
        Assert.True(ApiVersionTable.TryGet(TRequest.Key, out var range));
        var v = version ?? range.Max;
        await _raw.SendAsync(RawClient.Request(TRequest.Key, v, ++_correlationId, (TRequest)request));
        var response = await _raw.ReceiveAsync();
        Assert.NotEmpty(response);
        return Read<TRequest, TResponse>(response, v);
    }

    public void Dispose() => _raw.Dispose();

    private TResponse Read<TRequest, TResponse>(byte[] response, short version)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse>
    {
        var wire = new WireReader(response.AsSpan());
        Assert.Equal(_correlationId, ResponseHeader.Read(ref wire, TRequest.Key, version));
        var body = TResponse.Read(ref wire, version);
        Assert.Equal(0, wire.Remaining);
        return body;
    }
}
