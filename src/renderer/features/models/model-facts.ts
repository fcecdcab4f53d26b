// What is known of a model, in short words.
import { useTranslation } from 'react-i18next'
import type { ModelDetails, ModelSpeed } from '../../../shared/models.ts'
import { formatNumber } from '../../app/format.ts'

interface ModelFacts {
  details(details: ModelDetails, kind: 'chat' | 'embedding'): string
  speed(speed: ModelSpeed): string
}

export function useModelFacts(): ModelFacts {
  const { t } = useTranslation()
  return {
    details: (details, kind) => {
      const abilities = (['tools', 'thinks', 'images'] as const).filter((name) => details[name])
      const { parameters } = details
      return [
        details.architecture,
        parameters < 1
          ? t('models.millions', { number: formatNumber(Math.round(parameters * 1000)) })
          : t('models.billions', { number: formatNumber(parameters, 1) }),
        ...(details.contextLength === null
          ? []
          : [t('models.contextLength', { number: formatNumber(details.contextLength) })]),
        ...(kind === 'chat' ? abilities.map((name) => t(`models.ability.${name}`)) : []),
      ].join(' · ')
    },
    speed: (speed) => {
      // Below ten, a half counts.
      const digits = (value: number) => (value < 10 ? 1 : 0)
      const words = {
        writing: formatNumber(speed.writing, digits(speed.writing)),
        reading: formatNumber(speed.reading, digits(speed.reading)),
      }
      return speed.measured ? t('models.speedMeasured', words) : t('models.speedEstimated', words)
    },
  }
}
