namespace ActorBroker.Protocol.Kafka;

public ref partial struct WireReader
{
    /// <summary>Starts the tagged fields that end each structure of a flexible version (KIP-482).</summary>
    public Tags Tags()
    {
        var count = UnsignedVarint();
        return count <= Remaining / 2
            ? new Tags { Left = (int)count, End = _position }
            : throw new WireException($"{count} tagged fields are claimed before byte {_position}; {Remaining} bytes are left.");
    }

    /// <summary>
    /// Goes to the next tagged field, whose number is then in <paramref name="tags"/>; <c>false</c> after the last one.
    /// The caller reads the fields that it knows; what it leaves unread is skipped.
    /// </summary>
    public bool Next(ref Tags tags)
    {
        if (_position > tags.End)
            throw new WireException($"Tagged field {tags.Number} ends at byte {tags.End}, inside its value.");
        _position = tags.End;
        if (tags.Left == 0) return false;
        tags.Left--;
        tags.Number = UnsignedVarint();
        var size = UnsignedVarint();
        if (size > (uint)Remaining)
            throw new WireException($"Tagged field {tags.Number} claims {size} bytes; {Remaining} are left.");
        tags.End = _position + (int)size;
        return true;
    }

    /// <summary>Skips the tagged fields of a structure that knows none.</summary>
    public void SkipTags()
    {
        var tags = Tags();
        while (Next(ref tags))
        {
        }
    }
}

/// <summary>How far <see cref="WireReader.Next"/> has come in a structure's tagged fields.</summary>
public struct Tags
{
    /// <summary>Number of the field that the reader stands at.</summary>
    public uint Number { get; internal set; }

    internal int Left { get; set; }

    /// <summary>Index in the frame of the first byte after the current field.</summary>
    internal int End { get; set; }
}
