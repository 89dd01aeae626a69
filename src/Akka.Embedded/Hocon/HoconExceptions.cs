using Hocon.Syntax;

namespace Hocon;

/// <summary>Something is wrong with a configuration value.</summary>
public class HoconException : Exception
{
    public HoconException(string message) : base(message)
    {
    }

    public HoconException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}

/// <summary>A value is missing or isn't what was asked for; <see cref="FailPath"/> says which.</summary>
public class HoconValueException : HoconException
{
    public HoconValueException(string message, string failPath, Exception? innerException) : base(message, innerException) =>
        FailPath = failPath;

    public string FailPath { get; }
}

/// <summary>The text isn't HOCON, or one of its substitutions or includes leads nowhere. The message begins with file and
/// line.</summary>
public sealed class HoconParserException : Exception
{
    public HoconParserException()
    {
    }

    public HoconParserException(string message) : base(message)
    {
    }

    public HoconParserException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    internal HoconParserException(Origin origin, string message, Exception? innerException = null)
        : base(origin == default ? message : $"{origin}: {message}", innerException)
    {
        LineNumber = origin.Line;
        LinePosition = origin.Column;
    }

    public int LineNumber { get; }

    public int LinePosition { get; }
}
