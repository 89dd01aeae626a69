using Hocon.Syntax;

namespace Hocon;

public enum HoconCallbackType
{
    File = 0,
    Url = 1,
    Resource = 2,
}

/// <summary>Gives the text of an include.</summary>
/// <param name="value">What the include names; a relative file is already joined to the folder of the file that includes
/// it.</param>
/// <returns>null, or a <see cref="FileNotFoundException"/>, where there is nothing of that name.</returns>
public delegate Task<string> HoconIncludeCallbackAsync(HoconCallbackType callbackType, string value);

/// <summary>Parses HOCON text and resolves its substitutions.</summary>
public sealed class HoconParser
{
    /// <param name="includeCallback">Without it an include that isn't required adds nothing.</param>
    /// <exception cref="HoconParserException">The text is empty or not HOCON.</exception>
    public static HoconRoot Parse(string text, HoconIncludeCallbackAsync? includeCallback = null)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new HoconParserException("The text is empty. An empty configuration is written {}.");
        return new HoconRoot(new HoconValue(DocumentParser.Parse(text, include => Load(include, includeCallback))));
    }

    private static Included.Text? Load(Include include, HoconIncludeCallbackAsync? callback)
    {
        var kind = include.Kind switch
        {
            IncludeKind.Url => HoconCallbackType.Url,
            IncludeKind.Resource => HoconCallbackType.Resource,
            _ => HoconCallbackType.File,
        };
        try
        {
            var text = callback?.Invoke(kind, include.Name).GetAwaiter().GetResult();
            return text is null ? null : new Included.Text(text);
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
