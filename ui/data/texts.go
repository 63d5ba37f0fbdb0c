package data

import (
	"partnerdesk/core/tenant"
	"partnerdesk/ui/words"
)

// The texts that the sheets share.
const (
	textFile              words.Phrase = "File"
	textNoFile            words.Phrase = "no file is chosen"
	textChooseFile        words.Phrase = "Choose file…"
	textChooseFirst       words.Phrase = "Choose a file first"
	textReading           words.Phrase = "Reading the file…"
	textFileTooLarge      words.Phrase = "the file is larger than %d MB"
	textRegistration      words.Phrase = "Registration"
	textRegistrationIn    words.Phrase = "%s (%s)"
	textChecking          words.Phrase = "Looking at what would be done…"
	textPassphrase        words.Phrase = "Passphrase"
	textAgain             words.Phrase = "Once more"
	textPassphrasesDiffer words.Phrase = "the two passphrases are not the same"
)

// The texts of the customers.
const (
	textImportTitle      words.Phrase = "Import customers"
	textImportHint       words.Phrase = "Takes the Customers.xml of the tutorial's programs: each customer with a system user token becomes a tenant of the registration. Nothing is done before you have seen what would be."
	textImport           words.Phrase = "Import"
	textImporting        words.Phrase = "Importing the customers…"
	textImportReplace    words.Phrase = "Replace what is stored of the same tenants"
	textImportReplaceTip words.Phrase = "The file's token and activity take the place of those that are stored; without it those stay"
	textImportAll        words.Phrase = "Import none where one row is bad"
	textNothingToImport  words.Phrase = "There is nothing in the file to import."
	textImportBad        words.Phrase = "One row at least is bad, and then none is to be imported."
	textImportedBad      words.Phrase = "Correct the refused rows in the file and import it again: what is stored already does no harm. Or sign in to these tenants."
	textBadRow           words.Phrase = "Row %s: %s"
	textBadRowOf         words.Phrase = "Row %s, %s: %s"

	textExportTitle      words.Phrase = "Export customers"
	textExport           words.Phrase = "Export"
	textExporting        words.Phrase = "Exporting the customers…"
	textExportWarning    words.Phrase = "The file holds system user tokens in the clear."
	textExportWarningWhy words.Phrase = "With the app's secret and key, they let their holder into the tenants. Only you can read the file; delete it when it has served. To move to another machine, make a backup instead."
	textExportFailed     words.Phrase = "The customers could not be exported to %s."
	textExportTaken      words.Phrase = "Choose another name: this file may hold the only copy of a token."
	textExportedDelete   words.Phrase = "It holds their system user tokens in the clear. Delete it when it has served."
	textExportedWithout  words.Phrase = "Left out, as they have no system user token: %s"
)

// The texts of backup and restore.
const (
	textBackupTitle       words.Phrase = "Back up"
	textBackupHint        words.Phrase = "Writes registrations, tenants, logins and settings, with all their secrets, into one file for another machine. Nobody can read it without the passphrase. The sandbox stays here."
	textBackup            words.Phrase = "Back up"
	textBackingUp         words.Phrase = "Making the backup…"
	textBackupFailed      words.Phrase = "The backup could not be written to %s."
	textBackupTaken       words.Phrase = "Choose another name: this file may be the only backup."
	textPassphraseMinimum words.Phrase = "at least %d characters, like four words"
	textPassphraseLost    words.Phrase = "Nobody can restore the passphrase for you."
	textBackedUp          words.Phrase = "The backup is in %s."
	textBackedUpWhat      words.Phrase = "Registrations: %s. Tenants: %s. Logins: %s."
	textBackedUpNothing   words.Phrase = "There is no registration but the sandbox's yet: the backup holds the settings only."

	textRestoreTitle       words.Phrase = "Restore a backup"
	textRestoreHint        words.Phrase = "Takes in what a backup holds. Nothing is done before you have seen what would be."
	textPassphraseOfBackup words.Phrase = "the one that the backup was made with"
	textTypeFirst          words.Phrase = "Type the backup's passphrase first"
	textRestoreReplace     words.Phrase = "Replace what is stored here already"
	textCheck              words.Phrase = "Check"
	textRestore            words.Phrase = "Restore"
	textRestoring          words.Phrase = "Restoring the backup…"
	textRestoreWould       words.Phrase = "This would be done; nothing was yet."
	textRestoreWas         words.Phrase = "This was done."
	textRestoreEmpty       words.Phrase = "The backup holds nothing."
	textNothingToRestore   words.Phrase = "All of the backup is here already, or stays as it is stored here."
	textSettingsAdded      words.Phrase = "The settings come from the backup."
	textSettingsSame       words.Phrase = "The settings are the same here."
	textSettingsKept       words.Phrase = "The settings stay as they are here."
)

// The texts with numbers.
var (
	textImportWould     = words.Plural{One: "Of %s row, this would be done; nothing was yet.", Other: "Of %s rows, this would be done; nothing was yet."}
	textImportWas       = words.Plural{One: "Of %s row, this was done.", Other: "Of %s rows, this was done."}
	textRowsNew         = words.Plural{One: "%s tenant is new.", Other: "%s tenants are new."}
	textRowsReplaced    = words.Plural{One: "%s tenant gets the file's token and activity.", Other: "%s tenants get the file's token and activity."}
	textRowsUnchanged   = words.Plural{One: "%s tenant is stored just so already.", Other: "%s tenants are stored just so already."}
	textRowsKept        = words.Plural{One: "%s tenant is stored with another token or activity, and stays so:", Other: "%s tenants are stored with another token or activity, and stay so:"}
	textRowsBad         = words.Plural{One: "%s row is refused:", Other: "%s rows are refused:"}
	textMore            = words.Plural{One: "And %s more.", Other: "And %s more."}
	textImported        = words.Plural{One: "Imported %s tenant for %s.", Other: "Imported %s tenants for %s."}
	textExported        = words.Plural{One: "Exported %s customer to %s.", Other: "Exported %s customers to %s."}
	textBackedUpLeftOut = words.Plural{One: "Left out: %s tenant of the sandbox.", Other: "Left out: %s tenants of the sandbox."}
	textRestored        = words.Plural{One: "The backup is restored, with %s tenant.", Other: "The backup is restored, with %s tenants."}
)

func registrationOutcomes() map[tenant.ImportOutcome]words.Plural {
	return map[tenant.ImportOutcome]words.Plural{
		tenant.ImportAdded:     words.Plural{One: "%s registration is new:", Other: "%s registrations are new:"},
		tenant.ImportReplaced:  words.Plural{One: "%s registration is replaced:", Other: "%s registrations are replaced:"},
		tenant.ImportUnchanged: words.Plural{One: "%s registration is stored just so already:", Other: "%s registrations are stored just so already:"},
		tenant.ImportKept:      words.Plural{One: "%s registration stays as it is here:", Other: "%s registrations stay as they are here:"},
		tenant.ImportLeftOut:   words.Plural{One: "%s registration is left out:", Other: "%s registrations are left out:"},
	}
}

func tenantOutcomes() map[tenant.ImportOutcome]words.Plural {
	return map[tenant.ImportOutcome]words.Plural{
		tenant.ImportAdded:     words.Plural{One: "%s tenant is new:", Other: "%s tenants are new:"},
		tenant.ImportReplaced:  words.Plural{One: "%s tenant is replaced:", Other: "%s tenants are replaced:"},
		tenant.ImportUnchanged: words.Plural{One: "%s tenant is stored just so already:", Other: "%s tenants are stored just so already:"},
		tenant.ImportKept:      words.Plural{One: "%s tenant stays as it is here:", Other: "%s tenants stay as they are here:"},
		tenant.ImportLeftOut:   words.Plural{One: "%s tenant is left out, as the registration of this name is another app here:", Other: "%s tenants are left out, as the registration of this name is another app here:"},
	}
}

func settingsOutcome(o tenant.ImportOutcome) string {
	switch o {
	case tenant.ImportAdded, tenant.ImportReplaced:
		return textSettingsAdded.String()
	case tenant.ImportUnchanged:
		return textSettingsSame.String()
	}
	return textSettingsKept.String()
}
