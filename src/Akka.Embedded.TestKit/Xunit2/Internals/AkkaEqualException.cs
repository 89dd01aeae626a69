using Xunit.Sdk;

namespace Akka.TestKit.Xunit2.Internals;

/// <summary>Two values should have been equal.</summary>
public class AkkaEqualException : XunitException
{
    public AkkaEqualException(
        string format = "", params object[] args) : base(args.Length == 0 ? format : string.Format(format, args))
    {
    }

    public static AkkaEqualException ForMismatchedValues(
        object? expected, object? actual, string? format = null, params object[] args)
    {
        var values = $"Expected: {expected ?? "null"}{Environment.NewLine}Actual:   {actual ?? "null"}";
        var text = string.IsNullOrEmpty(format) ? "The values are not equal." : string.Format(format, args);
        return new AkkaEqualException("{0}", $"{text}{Environment.NewLine}{values}");
    }
}
