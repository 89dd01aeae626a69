using Hocon;

namespace Akka.Embedded.Tests.Embedded.Hocon;

/// <summary>Shorthand of the tests in this folder.</summary>
internal static class Read
{
    public static HoconRoot Parsed(string text) => HoconParser.Parse(text);

    public static string? Text(string hocon, string path) => Parsed(hocon).GetString(path);

    /// <summary>Both texts mean the same.</summary>
    public static void Same(string expected, string actual) => Assert.Equal(Parsed(expected), Parsed(actual));

    public static HoconParserException Refused(string hocon) => Assert.Throws<HoconParserException>(() => Parsed(hocon));
}
