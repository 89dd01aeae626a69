namespace Akka.TestKit;

/// <summary>On a test kit: messages that the test tells have no sender, instead of the kit's test actor.</summary>
public interface INoImplicitSender;
