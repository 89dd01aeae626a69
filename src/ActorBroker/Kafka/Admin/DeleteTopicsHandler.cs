using System.Collections.Immutable;
using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Admin;

/// <summary>DeleteTopics, by name or id. Once it is answered nobody finds the topic; its files go soon after.</summary>
internal sealed class DeleteTopicsHandler(IController controller) : ApiHandler<DeleteTopicsRequest, DeleteTopicsResponse>
{
    protected override async ValueTask<DeleteTopicsResponse> HandleAsync(DeleteTopicsRequest request, RequestContext context)
    {
        var command = new ClusterCommand.DeleteTopics([.. request.Topics.Select(t => new TopicRef(t.Name, t.TopicId))]);
        ImmutableArray<TopicResult> results;
        try
        {
            var answer =
                await controller.AskAsync<ClusterCommand.DeleteTopics.Answer>(command, AdminTimeout.Of(request.TimeoutMs))
                .ConfigureAwait(false);
            results = answer.Topics;
        }
        catch (TimeoutException)
        {
            results = [.. command.Topics.Select(t => new TopicResult(t.Name, t.Id, AdminTimeout.Verdict))];
        }
        return new DeleteTopicsResponse(
            [.. results.Select(r => new DeleteTopicsResponse.Topic(r.Name, r.Id, r.Verdict.Error, r.Verdict.Message))]);
    }
}
