using Akka.Actor;

namespace Akka.Embedded.Tests.Remote;

/// <summary>A system that does not trust others.</summary>
public class UntrustedModeTests : RemoteTest
{
    protected override string MoreHocon => """
        akka.remote { untrusted-mode = on, trusted-selection-paths = ["/user/open"] }
        """;

    [Fact]
    public async Task Only_trusted_paths_may_be_selected_and_nobody_is_stopped_from_outside()
    {
        Sys.ActorOf(Props.Create(() => new Echo()), "open");
        var witness = Witness("closed");
        Other.ActorSelection($"{AddressOf(Sys)}/user/closed").Tell("selected");
        var open = await Resolve(Other, Sys, "user/open");
        // By its path it can be told, but not stopped.
        var closed = ((ExtendedActorSystem)Other).Provider.ResolveActorRef(
            witness.Path.ToSerializationFormatWithAddress(AddressOf(Sys)));
        closed.Tell(PoisonPill.Instance);
        ((IInternalActorRef)closed).Stop();
        closed.Tell("told");
        await Expect("told");
        Assert.Equal("x", await open.Ask<string>("x", Patience));
    }
}
