namespace Hocon.Syntax;

/// <summary>Where something was written; lines and columns count from 1, line 0 means "made by the program".</summary>
/// <param name="Source">The file as the include named it; null for the text that was handed in.</param>
internal readonly record struct Origin(string? Source, int Line, int Column)
{
    public override string ToString() => (Source, Line) switch
    {
        (null, 0) => "no file",
        (null, _) => $"line {Line}",
        (_, 0) => Source,
        _ => $"{Source}, line {Line}",
    };
}
