using Akka.Configuration;

namespace Akka.Embedded.Tests.TestKit;

/// <summary>For tests in which something is expected not to come: they wait this long in vain.</summary>
internal static class Short
{
    public static readonly TimeSpan Time = TimeSpan.FromMilliseconds(50);

    public static readonly Config Expectations =
        ConfigurationFactory.ParseString("akka.test { single-expect-default = 50ms, filter-leeway = 50ms }");

    public static string Failure(Action test) => Assert.ThrowsAny<Xunit.Sdk.XunitException>(test).Message;

    public static async Task<string> Failure(Func<Task> test) =>
        (await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(test)).Message;
}
