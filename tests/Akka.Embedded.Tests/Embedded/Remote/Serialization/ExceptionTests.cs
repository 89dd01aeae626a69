using Akka.Actor;
using Akka.Remote.Serialization;

namespace Akka.Embedded.Tests.Embedded.Remote.Serialization;

public sealed class ExceptionTests : RemoteSerializationTest
{
    public static TheoryData<Exception> Known =>
    [
        new InvalidOperationException("a"), new ArgumentException("a", "parameter"), new ArgumentNullException("parameter"),
        new TimeoutException("a"), new TaskCanceledException("a"), new ObjectDisposedException("thing"), new IOException("a"),
        new ActorNotFoundException("a"), new AskTimeoutException("a"), new ActorInitializationException("a"),
        new Akka.Pattern.IllegalStateException("a"),
    ];

    [Theory]
    [MemberData(nameof(Known))]
    public void Common_exceptions_come_back_as_themselves(Exception exception)
    {
        var again = Through(exception);
        Assert.Equal(exception.GetType(), again.GetType());
        Assert.Equal(exception.Message, again.Message);
    }

    [Fact]
    public void Cause_and_stack_come_along()
    {
        var again = Through(Thrown(new InvalidOperationException("outer", Thrown(new FormatException("inner")))));
        Assert.Contains(nameof(Thrown), again.StackTrace, StringComparison.Ordinal);
        Assert.Equal("inner", Assert.IsType<FormatException>(again.InnerException).Message);
        Assert.Contains(nameof(Thrown), again.InnerException.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_of_another_type_comes_as_one_that_says_what_it_was_and_keeps_it_on_the_way_back()
    {
        var again = Assert.IsAssignableFrom<AkkaException>(Through(Thrown(new Odd("a"))));
        Assert.Contains($"{typeof(Odd).FullName}, Akka.Embedded.Tests: a", again.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Thrown), again.ToString(), StringComparison.Ordinal);
        Assert.Equal(again.Message, Through(again).Message);
    }

    [Fact]
    public void The_type_is_known_whatever_assembly_its_system_has_it_in()
    {
        var body = new Akka.Remote.Serialization.Bodies.ExceptionBody { TypeName = "System.FormatException, mscorlib" };
        Assert.IsType<FormatException>(Exceptions.Read(body));
    }

    [Fact]
    public void A_long_chain_of_causes_is_cut()
    {
        var exception = new InvalidOperationException("0");
        for (var i = 1; i < 1000; i++) exception = new InvalidOperationException($"{i}", exception);
        var depth = 0;
        for (var e = Through(exception).InnerException; e is not null; e = e.InnerException) depth++;
        Assert.Equal(Exceptions.MaxCauses, depth);
    }

    private Exception Through(Exception exception) => ((Status.Failure)Again(new Status.Failure(exception))).Cause;

    private static Exception Thrown(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private sealed class Odd(string message) : Exception(message);
}
