using System.Collections.Immutable;
using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Admin;

/// <summary>AlterConfigs, the older form: what is not named goes back to its default.</summary>
internal sealed class AlterConfigsHandler(IController controller) : ApiHandler<AlterConfigsRequest, AlterConfigsResponse>
{
    protected override async ValueTask<AlterConfigsResponse> HandleAsync(AlterConfigsRequest request, RequestContext context)
    {
        var changes = request.Resources.Select(resource => new ConfigChange(
            new ConfigResource(resource.ResourceType, resource.ResourceName),
            // Without a value: as if it were not named.
            [.. resource.Configs.Select(
                c => new ConfigEdit(c.Name, c.Value is null ? ConfigOperation.Delete : ConfigOperation.Set, c.Value))],
            Replace: true));
        var results = await ConfigChanges.AskAsync(controller, [.. changes], request.ValidateOnly).ConfigureAwait(false);
        return new AlterConfigsResponse(
            [.. results.Select(r => new AlterConfigsResponse.Result(
                r.Verdict.Error, r.Verdict.Message, r.Resource.Type, r.Resource.Name))]);
    }
}

/// <summary>IncrementalAlterConfigs: only what is named changes.</summary>
internal sealed class IncrementalAlterConfigsHandler(IController controller)
    : ApiHandler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>
{
    protected override async ValueTask<IncrementalAlterConfigsResponse> HandleAsync(
        IncrementalAlterConfigsRequest request, RequestContext context)
    {
        var changes = request.Resources.Select(resource => new ConfigChange(
            new ConfigResource(resource.ResourceType, resource.ResourceName),
            [.. resource.Configs.Select(c => new ConfigEdit(c.Name, c.ConfigOperation, c.Value))],
            Replace: false));
        var results = await ConfigChanges.AskAsync(controller, [.. changes], request.ValidateOnly).ConfigureAwait(false);
        return new IncrementalAlterConfigsResponse(
            [.. results.Select(r => new IncrementalAlterConfigsResponse.Result(
                r.Verdict.Error, r.Verdict.Message, r.Resource.Type, r.Resource.Name))]);
    }
}

file static class ConfigChanges
{
    public static async ValueTask<ImmutableArray<ConfigResult>> AskAsync(
        IController controller, ImmutableArray<ConfigChange> changes, bool validateOnly)
    {
        try
        {
            var command = new ClusterCommand.ChangeConfigs(changes, validateOnly);
            var answer = await controller.AskAsync<ClusterCommand.ChangeConfigs.Answer>(command, AdminTimeout.Default)
                .ConfigureAwait(false);
            return answer.Resources;
        }
        catch (TimeoutException)
        {
            return [.. changes.Select(c => new ConfigResult(c.Resource, AdminTimeout.Verdict))];
        }
    }
}
