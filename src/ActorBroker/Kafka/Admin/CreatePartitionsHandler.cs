using System.Collections.Immutable;
using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Admin;

/// <summary>CreatePartitions: lets topics grow.</summary>
internal sealed class CreatePartitionsHandler(IController controller)
    : ApiHandler<CreatePartitionsRequest, CreatePartitionsResponse>
{
    protected override async ValueTask<CreatePartitionsResponse> HandleAsync(
        CreatePartitionsRequest request, RequestContext context)
    {
        var command = new ClusterCommand.CreatePartitions([.. request.Topics.Select(ToCommand)], request.ValidateOnly);
        ImmutableArray<TopicResult> results;
        try
        {
            var answer =
                await controller.AskAsync<ClusterCommand.CreatePartitions.Answer>(command, AdminTimeout.Of(request.TimeoutMs))
                .ConfigureAwait(false);
            results = answer.Topics;
        }
        catch (TimeoutException)
        {
            results = [.. command.Topics.Select(t => new TopicResult(t.Topic, default, AdminTimeout.Verdict))];
        }
        return new CreatePartitionsResponse(
            [.. results.Select(r => new CreatePartitionsResponse.Result(r.Name!, r.Verdict.Error, r.Verdict.Message))]);
    }

    private static MorePartitions ToCommand(CreatePartitionsRequest.Topic topic) => new(
        topic.Name, topic.Count,
        topic.Assignments is { } assignments ? [.. assignments.Select(a => a.BrokerIds.ToImmutableArray())] : default);
}
