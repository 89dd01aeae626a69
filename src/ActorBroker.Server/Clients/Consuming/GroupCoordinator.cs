using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Server.Clients.Consuming;

/// <summary>The broker that coordinates one group: found when needed, found again when it moved.</summary>
internal sealed class GroupCoordinator(KafkaClient client, string groupId)
{
    private HostAndPort? _address;

    public string GroupId { get; } = groupId;

    public KafkaClient Client { get; } = client;

    /// <exception cref="KafkaException">There is none just now; may pass.</exception>
    public async Task<KafkaConnection> ConnectAsync(CancellationToken cancellation)
    {
        _address ??= await FindAsync(cancellation);
        try
        {
            return await Client.ConnectionAsync(_address.Value, Purpose.Coordinator, cancellation);
        }
        catch (IOException)
        {
            Forget();
            throw;
        }
    }

    /// <summary>The next request looks for the coordinator anew.</summary>
    public void Forget() => _address = null;

    /// <summary>Sends a request to the coordinator, and again as long as there is none or it is loading.</summary>
    /// <param name="errorOf">The error that the answer carries.</param>
    /// <exception cref="KafkaException">An error that does not pass.</exception>
    public Task<TResponse> SendAsync<TRequest, TResponse>(
        IRequest<TRequest, TResponse> request, Func<TResponse, ErrorCode> errorOf, CancellationToken cancellation)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse> =>
        Retry.RunAsync(Client.Options, async token =>
        {
            var connection = await ConnectAsync(token);
            var response = await connection.SendAsync(request, token);
            var error = errorOf(response);
            if (error is ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable) Forget();
            KafkaException.ThrowIfError(error);
            return response;
        }, cancellation);

    private async Task<HostAndPort> FindAsync(CancellationToken cancellation)
    {
        var connection = await Client.AnyAsync(cancellation);
        var response = await connection.SendAsync(new FindCoordinatorRequest(CoordinatorType.Group, [GroupId]), cancellation);
        var found = response.Coordinators[0];
        KafkaException.ThrowIfError(found.ErrorCode, found.ErrorMessage);
        return new(found.Host, found.Port);
    }
}
