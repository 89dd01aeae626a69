using Akka.Actor;
using Akka.Event;

namespace Akka.Embedded.Tests.Event;

public sealed class EventStreamTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void Subscribers_get_events_of_their_type_and_its_subtypes_once()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Animal));
        Assert.False(Sys.EventStream.Subscribe(TestActor, typeof(Dog))); // Included already.
        var dog = new Dog();
        Sys.EventStream.Publish(dog);
        Sys.EventStream.Publish("something else");
        Sys.EventStream.Publish(new Animal());
        Assert.Same(dog, ExpectMsg<Dog>());
        Assert.IsType<Animal>(ExpectMsg<Animal>());
    }

    [Fact]
    public void Interfaces_can_be_subscribed_to()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(IPet));
        Sys.EventStream.Publish(new Animal());
        Sys.EventStream.Publish(new Dog());
        ExpectMsg<Dog>();
    }

    [Fact]
    public void After_unsubscribing_nothing_comes()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Animal));
        Assert.True(Sys.EventStream.Unsubscribe(TestActor, typeof(Animal)));
        Assert.False(Sys.EventStream.Unsubscribe(TestActor));
        Sys.EventStream.Publish(new Dog());
        ExpectNoMsg(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public void The_dead_are_unsubscribed()
    {
        var probe = CreateTestProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(Animal));
        Watch(probe.Ref);
        Sys.Stop(probe.Ref);
        ExpectTerminated(probe.Ref);
        AwaitAssert(() => Assert.False(Sys.EventStream.Unsubscribe(probe.Ref)));
    }

    [Fact]
    public void Suppressed_messages_are_no_dead_letters()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Sys.EventStream.Subscribe(TestActor, typeof(SuppressedDeadLetter));
        Sys.DeadLetters.Tell(new Unimportant());
        Assert.IsType<Unimportant>(ExpectMsg<SuppressedDeadLetter>().Message);
    }

    private class Animal;

    private interface IPet;

    private sealed class Dog : Animal, IPet;

    private sealed class Unimportant : IDeadLetterSuppression;
}
