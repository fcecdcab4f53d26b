// Text with a small sign wherever something was forgotten, and every hidden character made visible.
import { useTranslation } from 'react-i18next'
import { splitMarks } from '../../shared/forgotten.ts'
import { revealHidden } from './reveal-hidden.ts'

export function MarkedText({ text }: { text: string }) {
  return splitMarks(text).map((part, index) => {
    // A part has no name but its place, and its place changes only with the text.
    const key = `${index}`
    return part.forgotten ? <ForgottenSign key={key} /> : <span key={key}>{revealHidden(part.text)}</span>
  })
}

export function ForgottenSign() {
  const { t } = useTranslation()
  return (
    <span
      title={t('forgotten.explain')}
      className="mx-0.5 inline-block rounded-sm border border-dashed border-edge px-1.5 text-xs leading-4.5 text-dim italic"
    >
      {t('forgotten.sign')}
    </span>
  )
}
