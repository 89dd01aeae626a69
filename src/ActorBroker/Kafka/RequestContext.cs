using System.Text;
using ActorBroker.Kafka.Sockets;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka;

/// <summary>One request and where its answer goes. A connection has one of these and uses it for each request in turn.</summary>
internal sealed class RequestContext(ClientConnection client, ResponseStream stream, CancellationToken closed)
{
    private ReadOnlyMemory<byte> _frame;
    private byte[] _clientIdUtf8 = [];

    public ClientConnection Client { get; } = client;

    public ApiKey Key { get; private set; }

    public short Version { get; private set; }

    public int CorrelationId { get; private set; }

    /// <summary>Empty where the client gives none.</summary>
    public string ClientId { get; private set; } = "";

    /// <summary>Cancelled when the connection closes: nobody waits for the answer any more.</summary>
    public CancellationToken Closed { get; } = closed;

    /// <summary>What is written here is sent when the handler's task ends.</summary>
    public WireWriter Output { get; } = new();

    /// <summary>For a handler that sends its answer itself; <see cref="Output"/> must then be empty in the end.</summary>
    public ResponseStream Stream { get; } = stream;

    /// <summary>A reader that stands at the request's body, for a handler that walks the frame itself.</summary>
    public WireReader Body
    {
        get
        {
            var wire = new WireReader(_frame);
            _ = RequestHeader.Read(ref wire);
            return wire;
        }
    }

    /// <summary>The whole frame, header included: what the body's byte ranges count in.</summary>
    public ReadOnlyMemory<byte> Frame => _frame;

    /// <exception cref="WireException">The bytes are no such request.</exception>
    public TRequest Read<TRequest>()
        where TRequest : IWireValue<TRequest>
    {
        var wire = Body;
        return TRequest.Read(ref wire, Version);
    }

    public void Respond<TResponse>(TResponse response)
        where TResponse : IWireValue<TResponse> => Respond(response, Version);

    /// <summary>Answers in another version than was asked, as only ApiVersions does.</summary>
    public void Respond<TResponse>(TResponse response, short version)
        where TResponse : IWireValue<TResponse>
    {
        var start = BeginResponse(version);
        response.Write(Output, version);
        Output.EndFrame(start);
    }

    /// <summary>Starts an answer that the handler writes itself; it ends with <see cref="WireWriter.EndFrame"/>.</summary>
    public int BeginResponse(short version)
    {
        var start = Output.BeginFrame();
        ResponseHeader.Write(Output, Key, version, CorrelationId);
        return start;
    }

    internal void Start(in RequestHeader header, ReadOnlyMemory<byte> frame)
    {
        (Key, Version, CorrelationId, _frame) = (header.Key, header.Version, header.CorrelationId, frame);
        if (header.ClientIdUtf8.SequenceEqual(_clientIdUtf8)) return;
        _clientIdUtf8 = header.ClientIdUtf8.ToArray();
        ClientId = Encoding.UTF8.GetString(_clientIdUtf8);
    }
}
