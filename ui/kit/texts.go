package kit

import "partnerdesk/ui/words"

// The texts that several regions share.
const (
	TextCancel          words.Phrase = "Cancel"
	TextCopy            words.Phrase = "Copy"
	TextClose           words.Phrase = "Close"
	TextStillWorking    words.Phrase = "Still working on it…"
	textFileNotOpened   words.Phrase = "The file cannot be opened."
	textFolderNotOpened words.Phrase = "The folder cannot be opened."

	TextDismiss  words.Phrase = "Dismiss"
	TextCopyLink words.Phrase = "Copy link"
	TextRemove   words.Phrase = "Remove"
	TextKeep     words.Phrase = "Keep"

	textFileName     words.Phrase = "File name"
	textFolder       words.Phrase = "Folder"
	textChooseFolder words.Phrase = "Choose folder…"
	textOpenFolder   words.Phrase = "Open folder"
	textNameForm     words.Phrase = "give the file a name, without a folder"
)
