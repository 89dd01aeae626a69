using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Produce;

/// <summary>InitProducerId: key 22, versions 0-5: a number for an idempotent producer. Known gap: no transactional ids.</summary>
internal sealed class InitProducerIdHandler(ProducerIds ids) : ApiHandler<InitProducerIdRequest, InitProducerIdResponse>
{
    private const long NoProducer = -1;
    private const short NoEpoch = -1;

    protected override async ValueTask<InitProducerIdResponse> HandleAsync(InitProducerIdRequest request, RequestContext context)
    {
        if (request.TransactionalId is { } id)
            return new(id.Length == 0 ? ErrorCode.InvalidRequest : ErrorCode.CoordinatorNotAvailable, NoProducer, NoEpoch);
        try
        {
            return new(ErrorCode.None, await ids.NextAsync().ConfigureAwait(false), ProducerEpoch: 0);
        }
        catch (TimeoutException)
        {
            return new(ErrorCode.CoordinatorLoadInProgress, NoProducer, NoEpoch); // Clients try again.
        }
    }
}
