using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Admin;

/// <summary>DecommissionBroker: empties a broker.</summary>
internal sealed class DecommissionBrokerHandler(IController controller)
    : ApiHandler<DecommissionBrokerRequest, DecommissionBrokerResponse>
{
    protected override async ValueTask<DecommissionBrokerResponse> HandleAsync(
        DecommissionBrokerRequest request, RequestContext context)
    {
        try
        {
            var answer = await controller.AskAsync<ClusterCommand.DecommissionBroker.Answer>(
                new ClusterCommand.DecommissionBroker(request.Broker), AdminTimeout.Of(request.TimeoutMs)).ConfigureAwait(false);
            return new DecommissionBrokerResponse(answer.Verdict.Error, answer.Verdict.Message, answer.Moving);
        }
        catch (TimeoutException)
        {
            return new DecommissionBrokerResponse(AdminTimeout.Verdict.Error, AdminTimeout.Verdict.Message);
        }
    }
}
