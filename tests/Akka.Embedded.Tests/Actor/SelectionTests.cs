using Akka.Actor;

namespace Akka.Embedded.Tests.Actor;

public sealed class SelectionTests : Akka.TestKit.Xunit2.TestKit
{
    public SelectionTests()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent()), "parent");
        parent.Tell("ready?");
        ExpectMsg("ready");
    }

    [Theory]
    [InlineData("/user/parent/alice", "alice")]
    [InlineData("user/parent/alice", "alice")]
    [InlineData("/user/parent/alice/../bob", "bob")]
    [InlineData("akka://test/user/parent/bob", "bob")]
    public void A_path_leads_to_one_actor(string path, string name)
    {
        Sys.ActorSelection(path).Tell(new Identify(1), TestActor);
        Assert.Equal(name, ExpectMsg<ActorIdentity>().Subject!.Path.Name);
    }

    [Theory]
    [InlineData("/user/parent/*", new[] { "alice", "bob", "carol" })]
    [InlineData("/user/parent/*o*", new[] { "bob", "carol" })]
    [InlineData("/user/parent/?ob", new[] { "bob" })]
    [InlineData("/user/*/alice", new[] { "alice" })]
    public void Wildcards_lead_to_all_that_fit(string path, string[] names)
    {
        Sys.ActorSelection(path).Tell(new Identify(1), TestActor);
        var found = ReceiveN(names.Length).Cast<ActorIdentity>().Select(i => i.Subject!.Path.Name).Order();
        Assert.Equal(names, found);
        ExpectNoMsg(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task Resolve_one_finds_the_actor_or_says_that_there_is_none()
    {
        var bob = await Sys.ActorSelection("/user/parent/bob").ResolveOne(TimeSpan.FromSeconds(10));
        Assert.Equal("bob", bob.Path.Name);
        await Assert.ThrowsAsync<ActorNotFoundException>(
            () => Sys.ActorSelection("/user/parent/nobody").ResolveOne(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Messages_along_a_path_to_nobody_are_dead_letters()
    {
        var letters = CreateTestProbe();
        Sys.EventStream.Subscribe(letters.Ref, typeof(Akka.Event.DeadLetter));
        Sys.ActorSelection("/user/parent/nobody").Tell("lost");
        var letter = letters.ExpectMsg<Akka.Event.DeadLetter>();
        Assert.Equal("lost", letter.Message);
        Assert.Equal("/user/parent/nobody", letter.Recipient.Path.ToStringWithoutAddress());
    }

    [Fact]
    public void Relative_paths_start_at_the_actor()
    {
        Sys.ActorSelection("/user/parent/alice").Tell("../bob");
        Assert.Equal("bob", ExpectMsg<ActorIdentity>().Subject!.Path.Name);
    }

    [Fact]
    public void A_reference_is_found_by_its_serialized_path_only_while_it_lives()
    {
        var provider = ((ExtendedActorSystem)Sys).Provider;
        var actor = CreateTestProbe().Ref;
        var path = Akka.Serialization.Serialization.SerializedActorPath(actor);
        Assert.Equal(actor, provider.ResolveActorRef(path));
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        AwaitAssert(() => Assert.IsNotType<LocalActorRef>(provider.ResolveActorRef(path)));
    }

    private sealed class Parent : UntypedActor
    {
        public Parent()
        {
            foreach (var name in new[] { "alice", "bob", "carol" })
                Context.ActorOf(Fn.Props((m, c) => c.ActorSelection((string)m).Tell(new Identify(2), c.Sender)), name);
        }

        protected override void OnReceive(object message) => Sender.Tell("ready");
    }

    [Theory]
    [InlineData("/user/a#x")]
    [InlineData("/user/a#99999999999999999999")]
    [InlineData("/user/#")]
    public async Task A_name_with_an_incarnation_that_is_none_is_nobody(string path) =>
        await Assert.ThrowsAsync<ActorNotFoundException>(() => Sys.ActorSelection(path).ResolveOne(TimeSpan.FromSeconds(20)));
}
