namespace MidJourney;

/// <summary>Writes files so that there is never a part of one under its name.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file, or replaces it, unless that is given up.</summary>
    /// <param name="path">Where it is to be.</param>
    /// <param name="write">Writes it; false to give up.</param>
    /// <returns>Whether it was written.</returns>
    public static bool Write(string path, Func<Stream, bool> write)
    {
        var part = Path.Combine(Path.GetDirectoryName(path)!, $".{Guid.NewGuid():N}.partial");
        try
        {
            // Open until it has its name: what nobody has open is taken for left over, and deleted.
            using (var stream = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete))
            {
                if (!write(stream)) return false;
                stream.Flush();
#if NET
                Move(part, path);
                return true;
#endif
            }
#if !NET
            Move(part, path);
            return true;
#endif
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Gives a file another name, of which it takes the place.</summary>
    public static void Move(string from, string to)
    {
#if NET
        File.Move(from, to, overwrite: true);
#else
        if (File.Exists(to)) File.Replace(from, to, null);
        else File.Move(from, to);
#endif
    }

    /// <summary>Whether a file could not be opened because somebody else has it: sharing and lock violations of Windows, EAGAIN of Linux and of macOS.</summary>
    public static bool IsTaken(IOException e) => e.HResult is unchecked((int)0x80070020) or unchecked((int)0x80070021) or 11 or 35;
}
