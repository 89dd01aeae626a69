using Hocon;
using Hocon.Syntax;

namespace Akka.Configuration.Hocon;

/// <summary>Parses HOCON; the include callback answers with a parsed document, so it can parse relative to where that document
/// lies.</summary>
public class Parser
{
    /// <exception cref="ConfigurationException">Not HOCON; the message says in which line and why.</exception>
    public static HoconRoot Parse(string text, Func<string, HoconRoot>? includeCallback)
    {
        try
        {
            return new HoconRoot(new HoconValue(DocumentParser.Parse(text, include => Load(include, includeCallback))));
        }
        catch (HoconParserException e)
        {
            throw new ConfigurationException(e.Message, e);
        }
    }

    private static Included.Tree? Load(Include include, Func<string, HoconRoot>? callback)
    {
        if (callback is null)
            throw new HoconParserException(
                include.Origin, $"'{include.Name}' can't be included: this text was parsed without an include callback");
        try
        {
            return callback(include.Name)?.Value.Node switch
            {
                null => null,
                Map map => new Included.Tree(map),
                var other => throw new ConfigurationException($"{other.Kind} is given, but only objects can be included"),
            };
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e)
        {
            throw new HoconParserException(include.Origin, $"the include '{include.Name}' failed: {e.Message}", e);
        }
    }
}
